"""A referral that may not bounce: sent across laws, answered within a term, else taken up by who coordinates."""
