"""What a photograph is of, before anybody asks what it shows; knows nothing of any mode."""
