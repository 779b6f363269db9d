"""Google Play client: reads purchases server to server, acknowledges them, and follows the pushes that Google signs.

Plain Python on top of Google's own authentication library.
"""
