"""The scan on paper, in large print, and cards to talk by. They hold no word of any child."""
