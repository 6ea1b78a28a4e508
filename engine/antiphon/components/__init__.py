"""What a plugin is made of: the classes it subclasses and the ports it may use."""
