"""What is not for the parents or not for the child: marked by whom, confirmed by whom, until when."""
