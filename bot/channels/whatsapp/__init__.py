"""WhatsApp's Cloud API: parse, render, what its codes mean, a thin client, the webhook."""
