"""The place Foregrounds: objects are cut out of photos, refined, checked and kept."""
