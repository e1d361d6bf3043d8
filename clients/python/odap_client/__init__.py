"""A client of an ODAP gateway, and a verifier of the evidence that gateways give."""
