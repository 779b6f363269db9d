"""What only corrosion has: time. History and comparison of an owner's own inspections, by subscription."""
