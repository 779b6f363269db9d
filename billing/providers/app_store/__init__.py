"""App Store client: verifies Apple's signatures and reads the current state of a purchase from Apple's server.

Plain Python on top of Apple's own library.
"""
