"""The CPU time of a status poll: the lean view beside the same poll as a viewset with a serializer."""
