"""What the place Preview is made of."""
