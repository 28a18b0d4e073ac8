"""The records as GitHub's REST API and its webhooks write them: every property that its description requires."""
