"""One folder or file a channel; each turns its platform into Inbound and Outgoing."""
