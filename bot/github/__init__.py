"""The way to GitHub: one client bound to an installation, its queries, and what is written there."""
