"""The shop with one hole at a time, on purpose: what step 10 attacks. Never for anybody but 127.0.0.1."""
