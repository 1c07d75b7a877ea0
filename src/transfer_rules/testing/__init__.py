"""For tests of packs and of the systems around them: the judge, and what goes with it."""
