"""What answers over HTTP: the webhook in front, pages behind it."""
