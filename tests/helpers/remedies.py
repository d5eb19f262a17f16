"""One of each remedy, so that whoever says them can be tried with all."""

from __future__ import annotations

from pathlib import Path

from fgbg_studio.core.base import remedies as r

EVERY: tuple[r.Remedy, ...] = (
    r.Advice("check the path"),
    r.Set({"codecs.mask.format": "png"}, "keep them exact"),
    r.Set({"depth.runtime": None}),
    r.Set({"depth.encoding": "uint16-millimetres", "codecs.depth.format": "png"}, "keep metres"),
    r.Set({"placement.sizes": [90, 80, 70, 60]}),
    r.Adjust("foreground.sizing", "set a smaller size"),
    r.AddPictures("backgrounds"),
    r.FillTransparent(),
    r.NameObject("15"),
    r.NameWhite((4095, 65535)),
    r.NameUnit(("millimetres", "tum")),
    r.SetHorizons("backgrounds/a.jpg"),
    r.FindCameras(),
    r.RejectBackgrounds(("backgrounds/a.jpg", "backgrounds/b c.jpg")),
    r.AddHashes(),
    r.MakeSplits(),
    r.CutOut(),
    r.ReducePhoto(),
    r.NewProject(),
    r.ChooseFolder(),
    r.ChooseWriter("zip"),
    r.MoreSamples(),
    r.GenerateAgain(),
    r.IncludeAgain(),
    r.GenerateAgain("remove it", "it will be prepared again"),
    r.GenerateAgain(workers=1),
    r.TryAgain("make room", "what is finished is kept"),
    r.RemakeSample(),
    r.ChooseNetwork(),
    r.DescribeNetwork({"depth.network.meaning": "metres", "depth.network.width": 224}),
    r.DownloadNetwork("depth-anything-v2-small"),
    r.AddNetworkFile(Path("cache/net.onnx")),
    r.AddNetworkFile(Path("cache/net.onnx"), "https://example.org/net.onnx", "net.onnx"),
    r.NameNetwork(),
    r.Prepare(),
    r.MakeShards("12-17"),
    r.Update(),
)
