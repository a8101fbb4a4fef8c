"""Who the child is as a person, in the child's and the parents' own words ("Wie ben ik").

It stands with the needs: it is what the family tells of itself, over and beside the scan, and no care follows from it.
"""
