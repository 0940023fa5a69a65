"""Solves for packages of a catalogue in the import format with libsolv, and prints the median time in ms and the number of packages for each."""
import gzip
import json
import statistics
import sys
import time

import solv

OPERATORS = {">=": solv.REL_GT | solv.REL_EQ, "<=": solv.REL_LT | solv.REL_EQ, ">": solv.REL_GT, "<": solv.REL_LT, "=": solv.REL_EQ}


def dep(pool, name, version_range):
    """A relation; ranges of two comparators on one name do not occur in the Debian catalogue's required edges except as an and of bounds."""
    base = pool.Dep(name)
    if version_range == "*":
        return base
    result = None
    for alternative in version_range.split("||"):
        both = None
        for part in alternative.split():
            operator = next(o for o in (">=", "<=", ">", "<", "=") if part.startswith(o))
            relation = pool.Dep(name).Rel(OPERATORS[operator], pool.Dep(part[len(operator):]))
            both = relation if both is None else both.Rel(solv.REL_AND, relation)
        result = both if result is None else result.Rel(solv.REL_OR, both)
    return result


def load(pool, path):
    repo = pool.add_repo("catalogue")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            manifest = json.loads(line)
            solvable = repo.add_solvable()
            solvable.name, solvable.evr, solvable.arch = manifest["capability_code"], manifest["version"], "all"
            solvable.add_provides(pool.Dep(solvable.name).Rel(solv.REL_EQ, pool.Dep(solvable.evr)))
            for service in manifest["provides_services"]:
                offered = pool.Dep(service["service"])
                solvable.add_provides(offered.Rel(solv.REL_EQ, pool.Dep(service["version"])) if "version" in service else offered)
            for dependency in manifest["dependencies"]:
                kind = dependency["dependency_type"]
                relation = dep(pool, dependency["capability_code"], dependency["version_range"])
                for other in dependency.get("alternatives", []):
                    relation = relation.Rel(solv.REL_OR, dep(pool, other["capability_code"], other["version_range"]))
                if kind == "required":
                    solvable.add_requires(relation)
                elif kind == "conflicting":
                    solvable.add_conflicts(relation)
                elif kind == "recommended":
                    solvable.add_recommends(relation)
    repo.internalize()


def main():
    path, rounds, packages = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    pool = solv.Pool()
    pool.setdisttype(solv.Pool.DISTTYPE_DEB)
    pool.setarch("amd64")
    load(pool, path)
    pool.createwhatprovides()
    for package in packages:
        job = pool.Selection()
        job = pool.select(package, solv.Selection.SELECTION_NAME)
        times, count = [], 0
        for _ in range(rounds):
            solver = pool.Solver()
            solver.set_flag(solv.Solver.SOLVER_FLAG_IGNORE_RECOMMENDED, 1)
            started = time.perf_counter()
            problems = solver.solve(job.jobs(solv.Job.SOLVER_INSTALL))
            times.append((time.perf_counter() - started) * 1000)
            if problems:
                sys.exit(f"{package}: {problems[0]}")
            count = len(solver.transaction().newpackages())
        print(f"{package}\t{statistics.median(times):.3f}\t{count}")


main()
