"""Where foregrounds stand and how large: placements, sizing rules, regions where objects may stand."""
