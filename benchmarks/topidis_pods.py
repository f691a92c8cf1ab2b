"""How many of the planted pods are found, and how many channels are blamed that are in none.

Precision and recall are of channels: flagged as member of a pod, planted as one. No target is set for them.
"""

import statistics
from typing import Any

from benchmarks.audience_world import AudienceWorld, audience_world
from benchmarks.parse import Progress
from benchmarks.pod_world import PodWorld, pod_world
from benchmarks.standard_world import load
from mardev.topidis.authenticity import AudienceQuality, Verdict, audience_quality
from mardev.topidis.pods import Pod, find_pods

SEEDS = (11, 12, 13)
TARGETS: dict[str, list[Any]] = {}


def figures() -> dict[str, float]:
    """Mean precision and recall over three draws of the comments, the world being the frozen one."""
    return {name: value for name, value in detailed().items() if name in ("pod_precision", "pod_recall")}


def detailed(progress: Progress = lambda _text, _share: None) -> dict[str, float]:
    """The two figures with what stands behind them."""
    world = load()
    drawn = []
    for place, seed in enumerate(SEEDS):
        progress(f"comments of draw {place + 1} of {len(SEEDS)}", place / len(SEEDS))
        simulated = pod_world(world, seed=seed)
        pods = find_pods(simulated.comments, seed=seed, collaborators=simulated.collaborators)
        audiences = audience_world(world, seed=seed)
        drawn.append(compare(simulated, pods) | compare_scores(audiences, audience_quality(audiences.channels)))
    progress("done", 1.0)
    return {name: statistics.mean(one[name] for one in drawn) for name in drawn[0]}


def compare(simulated: PodWorld, found: list[Pod]) -> dict[str, float]:
    """Figures of one draw."""
    planted = frozenset().union(*simulated.pods)
    flagged = frozenset(key for pod in found for key in pod.channel_keys)
    right = len(planted & flagged)
    return {
        "pod_precision": right / len(flagged) if flagged else 1.0,
        "pod_recall": right / len(planted),
        "pods_planted": float(len(simulated.pods)),
        "pods_touched": float(sum(1 for pod in simulated.pods if len(pod & flagged) > len(pod) / 2)),
        "channels_planted": float(len(planted)),
        "channels_flagged": float(len(flagged)),
        "giveaway_hosts_flagged": float(len(simulated.giveaway_hosts & flagged)),
    }


def compare_scores(simulated: AudienceWorld, scores: list[AudienceQuality]) -> dict[str, float]:
    """How the score does without any knowledge of pods: bought figures called suspicious, and whoever else was."""
    scored = [
        (kind, score.verdict) for kind, score in zip(simulated.kinds, scores, strict=True) if score.score is not None
    ]
    suspicious = [kind for kind, verdict in scored if verdict is Verdict.SUSPICIOUS]
    looked_at = [kind for kind, verdict in scored if verdict is not Verdict.NOTHING_UNUSUAL]
    bought = [kind for kind, _ in scored if kind.startswith("bought")]
    giveaways = [kind for kind, _ in scored if kind == "giveaway"]
    right = sum(1 for kind in suspicious if kind.startswith("bought"))
    return {
        "suspicious_precision": right / len(suspicious) if suspicious else 1.0,
        "suspicious_recall": right / len(bought),
        "look_closer_recall": sum(1 for kind in looked_at if kind.startswith("bought")) / len(bought),
        "ordinary_look_closer_share": looked_at.count("ordinary")
        / max([kind for kind, _ in scored].count("ordinary"), 1),
        "giveaway_suspicious_share": suspicious.count("giveaway") / len(giveaways),
        "giveaway_look_closer_share": looked_at.count("giveaway") / len(giveaways),
        "scored_share": len(scored) / len(scores),
    }


def run(progress: Progress) -> dict[str, Any]:
    """What `mardev bench` and `python -m benchmarks topidis_pods` print."""
    return {"name": "topidis_pods", "figures": detailed(progress), "targets": TARGETS, "met": True}
