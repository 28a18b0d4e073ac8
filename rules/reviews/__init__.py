"""Reviews: a security or compliance review in week 12 finds its problems when the date is already promised."""

SECTION = "reviews"
