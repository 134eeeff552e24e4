"""Laws that hold for every journey, and the oracle that every answer is held against."""
