"""One file for each change of the tables; `Store.migrate` applies those that a database lacks."""
