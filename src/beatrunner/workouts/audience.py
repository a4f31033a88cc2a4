"""Who runs and who watches one workout. Of several runners one is in control."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from beatrunner.codecs.live import Message, encode
from beatrunner.workouts.peers import CloseCode, Peer

MOST_PEERS = 50


class Audience:
    """Everybody at a workout but its bridge."""

    def __init__(self) -> None:
        self.peers: list[Peer] = []
        self.controller: Peer | None = None

    def admit(self, peer: Peer) -> None:
        """The first runner to come is in control, and goes on when the page is loaded again,
        though the old socket may not know yet that it is dead.
        """
        self.peers.append(peer)
        old = self.controller
        if peer.role == "runner" and (old is None or old.sign_in_id == peer.sign_in_id):
            self.controller = peer

    def leave(self, peer: Peer) -> None:
        if peer in self.peers:
            self.peers.remove(peer)
        if peer is self.controller:
            self.controller = None

    def expel(self, sign_in_ids: Collection[UUID]) -> None:
        """Whoever has signed out sees and does nothing more."""
        for peer in self.peers:
            if peer.sign_in_id in sign_in_ids:
                peer.close(CloseCode.UNAUTHENTICATED, "this sign-in has ended", "not_signed_in")

    def tell(self, message: Message) -> None:
        for peer in self.peers:
            peer.post(message)

    def show(self, screen: Callable[[bool], Message]) -> None:
        """`screen` is asked once for whoever is in control and once for all others."""
        texts: dict[bool, str] = {}
        for peer in self.peers:
            in_control = peer is self.controller
            if in_control not in texts:
                texts[in_control] = encode(screen(in_control))
            peer.post_text(texts[in_control])

    def close(self, code: int, detail: str, kind: str | None = None) -> None:
        for peer in self.peers:
            peer.close(code, detail, kind)
