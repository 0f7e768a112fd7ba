"""What a house's secrets hold first: made in the account itself, so that no template has them."""
