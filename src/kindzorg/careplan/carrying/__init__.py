"""What a changed plan does with each open agreement (lopende afspraken): stays, asked anew, lapses, replaced."""
