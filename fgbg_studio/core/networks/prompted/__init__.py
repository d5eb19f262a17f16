"""Networks that are asked: what belongs to this click, this box, and is it like the last answer?"""
