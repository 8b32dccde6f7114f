"""Who has passed which step of a class: for the instructor's terminal, and for no address of the server."""

from django.core.management.base import BaseCommand

from hardening.models import StepResult


class Command(BaseCommand):
    help = "Print how far each student is, and the check at which most of them are stuck."
    requires_migrations_checks = True

    def handle(self, *args, **options):
        results = list(StepResult.objects.select_related("user").order_by("user__username", "step"))
        if not results:
            self.stdout.write("Nobody has reported a check yet. On a student's machine: make join")
            return
        steps = sorted({result.step for result in results})
        self.stdout.write("".ljust(14) + "".join(f"{step:02}".rjust(8) for step in steps))
        for name in dict.fromkeys(result.user.username for result in results):
            mine = {result.step: result for result in results if result.user.username == name}
            self.stdout.write(name.ljust(14) + "".join(cell(mine.get(step)).rjust(8) for step in steps))
        for step in steps:
            self.stdout.write(stuck([result for result in results if result.step == step]))


def cell(result):
    """`passed`, or how many checks of how many."""
    if result is None:
        return "-"
    return "passed" if result.passed == result.checks else f"{result.passed}/{result.checks}"


def stuck(results):
    """One line for a step: how many have passed it, and the check that most of the others fail first."""
    failures = [result.first_failure for result in results if result.first_failure]
    line = f"\n{results[0].step:02}: {len(results) - len(failures)} of {len(results)} passed."
    if not failures:
        return line
    commonest = max(sorted(set(failures)), key=failures.count)
    return f"{line} Stuck most often ({failures.count(commonest)}): {commonest}"
