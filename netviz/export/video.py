"""MP4 and WebM: the pieces of a film are joined, with chapters, sound and captions."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av

from netviz.captions import as_srt, as_vtt, cues
from netviz.export import sound as recordings
from netviz.export.encoder import Coding
from netviz.export.reel import Movie, Reel

if TYPE_CHECKING:
    from netviz.export.take import Take

# The conversion to YUV is that of BT.601; without a declaration, players assume BT.709 for large
# pictures. One thread, because the file would depend on their number.
COMMON = {
    "colorspace": "smpte170m",
    "color_primaries": "bt709",
    "color_trc": "iec61966-2-1",
    "color_range": "tv",
    "threads": "1",
}
# For flat colours and thin lines, these settings are as good as those of the preset "medium", with
# files of the same size, in less than half of the time.
H264 = Coding(
    "libx264", COMMON | {"crf": "23", "preset": "veryfast", "x264-params": "me=dia:subme=1"}
)
# "scm": drawn pictures, not photographs. With a variance boost, thin dark lines stay sharp.
AV1 = Coding(
    "libsvtav1",
    COMMON
    | {
        "crf": "46",
        "preset": "8",
        "svtav1-params": "lp=1:scm=1:enable-variance-boost=1",
    },
)
VP9 = Coding(
    "libvpx-vp9",
    COMMON | {"crf": "23", "b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "1"},
    "yuva420p",
)
PRORES = Coding("prores_ks", COMMON | {"profile": "4444", "vendor": "apl0"}, "yuva444p10le")
MILLISECOND = Fraction(1, 1000)


def mov(take: Take, draft: Path) -> Reel:
    """Write ProRes 4444 video, which programs for cutting films read, with its opacity."""
    return _video(take, draft, PRORES, {})


def mp4(take: Take, draft: Path) -> Reel:
    """Write H.264 video. With its index in front, it can be played before all of it has arrived."""
    return _video(take, draft, H264, {"movflags": "+faststart"})


def webm(take: Take, draft: Path) -> Reel:
    """Write AV1 video, or VP9 if there is no background: only that has opacity."""
    coding = VP9 if take.page.transparent else AV1
    return _video(take, draft, coding, {"fflags": "+bitexact"})  # without random identifiers


def _video(take: Take, draft: Path, coding: Coding, muxer: Mapping[str, str]) -> Reel:
    """Write a video, and its captions, if there are any, as .srt and .vtt next to it."""

    def finish(movie: Movie) -> None:
        pieces = tuple(piece.with_suffix(draft.suffix) for piece in movie.pieces)
        join(replace(movie, pieces=pieces), draft, muxer)
        shown = cues(movie.captions)
        for suffix, written in ((".srt", as_srt), (".vtt", as_vtt)):
            if shown:
                draft.with_suffix(suffix).write_text(written(shown), encoding="utf-8")

    return Reel(finish, coding.saving(take.saving))


def join(movie: Movie, draft: Path, options: Mapping[str, str]) -> None:
    """Copy the packets of all pieces into one file, without encoding them again."""
    with av.open(draft, "w", options=dict(options)) as target:
        with av.open(movie.pieces[0]) as first:
            # As it is: a decoder of the codec is not also an encoder of it.
            video = target.add_stream_from_template(first.streams.video[0], opaque=True)
        target.set_chapters(
            [
                {
                    "id": number,
                    "start": round(chapter.start / MILLISECOND),
                    "end": round(chapter.end / MILLISECOND),
                    "time_base": MILLISECOND,
                    "metadata": {"title": chapter.title},
                }
                for number, chapter in enumerate(movie.chapters)
            ]
        )
        sound: Any = None
        if movie.sounds:
            sound = recordings.add_track(target, draft.suffix)
        elif movie.sound is not None:
            sound = recordings.add_track(target, draft.suffix, "stereo")
        flows: list[Iterator[av.Packet[Any]]] = [_in_one_time(movie)]
        if movie.sounds:
            flows.append(recordings.packets(sound, movie.sounds, movie.seconds))
        # A player reads the file from front to back, so pictures and recordings alternate in it.
        for packet in heapq.merge(*flows, key=_moment):
            if packet.stream is not sound:
                packet.stream = video
            target.mux(packet)
        if movie.sound is not None and not movie.sounds:
            with av.open(movie.sound) as source:
                for frame in source.decode(audio=0):
                    target.mux(sound.encode(frame))
            target.mux(sound.encode(None))


def _moment(packet: av.Packet[Any]) -> Fraction:
    assert packet.dts is not None
    return packet.dts * packet.time_base


def _in_one_time(movie: Movie) -> Iterator[av.Packet[Any]]:
    """Yield the packets of all pieces in the order of decoding, with the times of the whole film.

    As each frame has one packet, the n-th packet is decoded at the moment n, earlier by the number
    of frames by which a packet may come too late to be shown.
    """
    unit, number, began = 1 / movie.rate, 0, 0
    late = max(_lateness(piece, movie.rate) for piece in movie.pieces)
    for piece in movie.pieces:
        with av.open(piece) as source:
            for packet in source.demux(video=0):
                if packet.pts is None:  # the empty packet at the end
                    continue
                packet.pts = began + _frame(packet, movie.rate)
                packet.dts = number - late
                packet.duration, packet.time_base = 1, unit
                number += 1
                yield packet
        began = number


def _lateness(piece: Path, rate: Fraction) -> int:
    """Return by how many frames a packet of a piece comes too late to be shown at once."""
    with av.open(piece) as source:
        packets = (packet for packet in source.demux(video=0) if packet.pts is not None)
        return max(number - _frame(packet, rate) for number, packet in enumerate(packets))


def _frame(packet: av.Packet[Any], rate: Fraction) -> int:
    """Return the number of the frame in a packet."""
    assert packet.pts is not None
    return round(packet.pts * packet.time_base * rate)
