"""One study per programme: the order of steps, contract tables in, named tables out."""
