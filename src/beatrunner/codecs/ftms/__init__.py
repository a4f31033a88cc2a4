"""The treadmill's part of the Bluetooth Fitness Machine Service (FTMS v1.0), in its own words.

One module for each characteristic, named after it; `quantities` knows units and their
conversion, `data_record` splits and joins Treadmill Data, `uuids` and `advertising` find the
service. `codecs.gatt` says how tolerant reading and strict writing work.
"""
