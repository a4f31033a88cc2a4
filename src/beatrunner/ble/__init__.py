"""Bluetooth: treadmills and sensors, real ones and the virtual gym.

The client is built on bleak. `TreadmillLink`, `HeartLink` and `PodLink` each keep one device
connected and hold its latest reading; the treadmill's also carries out commands of the governor,
one at a time. They decide nothing about speed: that is `core.governor`. What real machines do
otherwise than the specification is data in `quirks`; what one machine really does is measured by
`calibration`.

`virtual` is the other end: a gym of real GATT bytes that needs no hardware.
"""
