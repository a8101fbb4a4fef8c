"""How it goes with the child, in the child's own faces and words ("Hoe gaat het met mij").

It stands with the needs: it is what a child tells between two scans, to whom it chooses, and no care follows from it.
"""
