"""Osmosis: signs of blisters in fibreglass gelcoat. Paid first, one payment for one inspection."""
