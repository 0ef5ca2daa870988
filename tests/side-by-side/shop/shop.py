"""The shop that the servers of this comparison speak for. `lib.rs` is the same for those in Rust."""

from threading import Lock


class Ledger:
    """What was sold, by whom and to whom."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sales = [
            ("alice", "C-1", 1, 1_000),
            ("alice", "C-1", 20, 500),
            ("bob", "C-2", 3, 7_000),
        ]

    def total(self, seller: str, customer: str, months: int) -> int | None:
        """What a seller sold to a customer in so many months; nothing if they have no such customer."""
        with self._lock:
            theirs = [
                (ago, cents)
                for by, to, ago, cents in self._sales
                if (by, to) == (seller, customer)
            ]
        if not theirs:
            return None
        return sum(cents for ago, cents in theirs if ago < months)

    def record(self, seller: str, customer: str, cents: int) -> None:
        """Keeps a sale of today."""
        with self._lock:
            self._sales.append((seller, customer, 0, cents))


class Orders:
    """Orders that were not paid back yet, with their amounts."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open = {"O-1": 4_200, "O-2": 900}

    def pay_back(self, order: str) -> int | None:
        """Pays an order back and says how much that was; nothing if there is no such order to pay back."""
        with self._lock:
            return self._open.pop(order, None)
