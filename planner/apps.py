from django.apps import AppConfig


class PlannerConfig(AppConfig):
    name = "planner"
    verbose_name = "Tapering schedule planner"

    def ready(self) -> None:
        from planner import checks, guards  # noqa: F401  # they register themselves
