"""Looking at the plan together on a day that was set: who prepares what, and the way back after stepping down."""
