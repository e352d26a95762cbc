"""The guides as pages to read and print: public, without a script, nothing is stored about who reads."""
