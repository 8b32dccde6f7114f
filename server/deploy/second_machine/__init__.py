"""A second machine for the shop, which serves its products and orders, and signs nothing."""
