"""A gym without hardware: treadmill, heart-rate strap and foot pod on real GATT bytes.

bumble plays the radio: a controller for each device and each client, all on one link within this
process, or reached by HCI over TCP from another one. bleak is given a backend for it, so that
what runs here is the same code that drives a real belt, down to the attributes; only the radio
waves are missing. `gym` is the way in.
"""
