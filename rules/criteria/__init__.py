"""Success criteria: what was never made measurable can only be argued about, and the argument outlives the pilot."""

SECTION = "criteria"
