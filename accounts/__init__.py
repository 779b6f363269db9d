"""Who you are: owners, staff, sessions, devices, consents, and the record of what staff did."""
