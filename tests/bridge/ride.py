"""A driver on a belt in memory, with a server and a page that the test speaks for."""

from __future__ import annotations

from dataclasses import dataclass, field

from beatrunner.bridge.controls import Controls
from beatrunner.bridge.conversation import Conversation, Setup
from beatrunner.bridge.driver import Driver, Ports
from beatrunner.bridge.picture import Picture
from beatrunner.bridge.ports import NoSensor, Sensor, SensorReading
from beatrunner.core.governor import Bounds, Command, SetSpeed
from tests.bridge.belt import TICK_S, FakeClock, MemoryBelt

SETUP = Setup(Bounds(16.0, 0.0, 12.0), Bounds(14.0, 0.0, 10.0), ceiling_bpm=None)


@dataclass(slots=True)
class FakeSensor:
    state: str = "none"
    reading: SensorReading | None = None


@dataclass(slots=True)
class Ride:
    """Time passes by `tick`. The server pulses and wishes unless it is `silent`."""

    clock: FakeClock = field(default_factory=FakeClock)
    heart: Sensor = field(default_factory=NoSensor)
    pod: Sensor = field(default_factory=NoSensor)
    setup: Setup = SETUP
    driver_type: type[Driver] = Driver
    silent: bool = False
    wished_kmh: float | None = None
    belt: MemoryBelt = field(init=False)
    controls: Controls = field(init=False)
    conversation: Conversation = field(init=False)
    driver: Driver = field(init=False)
    picture: Picture = field(init=False)
    ticks: int = 0

    def __post_init__(self) -> None:
        self.belt = MemoryBelt(self.clock)
        self.controls = Controls(self.clock)
        self.conversation = Conversation(self.clock)
        ports = Ports(self.belt, self.heart, self.pod, self.conversation, self.controls)
        self.driver = self.driver_type(ports, self.clock)
        self.join()

    def join(self) -> None:
        """The server is there and says what is allowed."""
        self.silent = False
        self.conversation.open("workout", self.clock() * 1000)
        self.conversation.setup = self.setup
        self.conversation.hear_lease("lease", 1)

    def tick(self) -> Picture:
        self.clock.now_s += TICK_S
        self.ticks += 1
        self.belt.step()
        if not self.silent:
            self._serve()
        self.picture = self.driver.tick()
        return self.picture

    def _serve(self) -> None:
        now_ms = self.clock() * 1000
        self.conversation.hear(now_ms)
        self.conversation.hear_controller(0.0)
        if self.wished_kmh is not None and self.ticks % 4 == 0:
            self.conversation.hear_wish("lease", 1, self.ticks, now_ms, self.wished_kmh, 0.0)

    def wait(self, seconds: float) -> list[Command]:
        """The commands of these seconds."""
        before = len(self.belt.given)
        for _tick in range(round(seconds / TICK_S)):
            self.tick()
        return [command for _at_s, command in self.belt.given[before:]]

    def start(self, hold_s: float = 3.0) -> Ride:
        """Stand until the belt is proved still, then hold Start."""
        self.wait(5)
        self.controls.hear()
        self.controls.press(self)
        self.wait(hold_s)
        self.controls.release(self, hold_s)
        self.wait(5)
        return self

    def at(self, speed_kmh: float) -> Ride:
        """Driven at this speed: the console brought the belt there, then Start was held."""
        self.wait(5)
        self.belt.speed_kmh = self.belt.target_kmh = speed_kmh
        self.start()
        assert self.picture.shown == "automatic", self.picture
        return self

    def speeds(self, since_s: float) -> list[float]:
        """What the belt was told to run at since then."""
        return [
            each.speed_kmh
            for at_s, each in self.belt.given
            if at_s >= since_s and isinstance(each, SetSpeed)
        ]
