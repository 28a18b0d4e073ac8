"""What can happen in the world, whoever causes it: each act changes the records and tells the app of it."""
