"""Layers and small models as eager PyTorch codes write them, for the measurements beside this file."""
import torch
import torch.nn.functional as F

BF16, FP32 = torch.bfloat16, torch.float32


def rand(*shape, dtype=BF16, grad=False):
    return torch.randn(*shape, device="cuda", dtype=dtype, requires_grad=grad)


def rms_norm_eager(x, weight):
    h = x.to(FP32)
    h = h * torch.rsqrt(h.pow(2).mean(-1, keepdim=True) + 1e-5)
    return weight * h.to(x.dtype)


def rotate_half(x):
    half = x.shape[-1] // 2
    return torch.cat((-x[..., half:], x[..., :half]), dim=-1)


def rotary_eager(x, cos, sin):
    return x * cos + rotate_half(x) * sin


def cross_entropy(logits, labels):
    return F.cross_entropy(logits.float(), labels)


class Layer(torch.nn.Module):
    """A transformer layer as eager PyTorch codes write it: gated with rotary, or GPT-like."""

    def __init__(self, hidden, heads, kv_heads, ffn, gated, fused_norm):
        super().__init__()
        self.heads, self.kv_heads, self.dim, self.gated, self.fused_norm = heads, kv_heads, hidden // heads, gated, \
            fused_norm
        make = lambda i, o: torch.nn.Linear(i, o, bias=False, device="cuda", dtype=BF16)
        self.q, self.o = make(hidden, hidden), make(hidden, hidden)
        self.k, self.v = make(hidden, kv_heads * self.dim), make(hidden, kv_heads * self.dim)
        self.up, self.down = make(hidden, ffn), make(ffn, hidden)
        self.gate = make(hidden, ffn) if gated else None
        self.norms = torch.nn.ParameterList([torch.nn.Parameter(torch.ones(hidden, device="cuda", dtype=BF16))
                                             for _ in range(2)])

    def norm(self, i, x):
        if not self.gated:
            return F.layer_norm(x, (x.shape[-1],), self.norms[i])
        return F.rms_norm(x, (x.shape[-1],), self.norms[i]) if self.fused_norm else rms_norm_eager(x, self.norms[i])

    def forward(self, x, cos, sin):
        b, s, hidden = x.shape
        h = self.norm(0, x)
        q = self.q(h).view(b, s, self.heads, self.dim).transpose(1, 2)
        k = self.k(h).view(b, s, self.kv_heads, self.dim).transpose(1, 2)
        v = self.v(h).view(b, s, self.kv_heads, self.dim).transpose(1, 2)
        if self.gated:
            q, k = rotary_eager(q, cos, sin), rotary_eager(k, cos, sin)
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=self.kv_heads != self.heads)
        x = x + self.o(a.transpose(1, 2).reshape(b, s, hidden))
        h = self.norm(1, x)
        if self.gated:
            return x + self.down(F.silu(self.gate(h)) * self.up(h))
        return x + self.down(F.gelu(self.up(h)))


class Model(torch.nn.Module):
    def __init__(self, layers, vocab, hidden, **layer):
        super().__init__()
        self.embedding = torch.nn.Embedding(vocab, hidden, device="cuda", dtype=BF16)
        self.layers = torch.nn.ModuleList([Layer(hidden, **layer) for _ in range(layers)])
        self.head = torch.nn.Linear(hidden, vocab, bias=False, device="cuda", dtype=BF16)
        self.loss = cross_entropy

    def forward(self, ids, labels, cos, sin):
        x = self.embedding(ids)
        for layer in self.layers:
            x = layer(x, cos, sin)
        return self.loss(self.head(x).flatten(0, 1), labels.flatten())

    def compile_parts(self):
        """Layer by layer, as trainers do: one compilation serves all layers."""
        for layer in self.layers:
            layer.compile()
        self.loss = torch.compile(cross_entropy)


MODELS = {
    # name: (layers, vocab, hidden, layer, batch, sequence)
    "gpt_1b": (24, 50368, 2048, dict(heads=16, kv_heads=16, ffn=8192, gated=False, fused_norm=True), 8, 2048),
    "gpt_7b_4_layers": (4, 50368, 4096, dict(heads=32, kv_heads=32, ffn=16384, gated=False, fused_norm=True), 8, 2048),
    "llama_8b_4_layers": (4, 128256, 4096, dict(heads=32, kv_heads=8, ffn=14336, gated=True, fused_norm=False), 1, 8192),
    "llama_70b_2_layers": (2, 32000, 8192, dict(heads=64, kv_heads=8, ffn=28672, gated=True, fused_norm=True), 1, 8192),
}


def training_step(name, compiled):
    layers, vocab, hidden, layer, batch, sequence = MODELS[name]
    torch.manual_seed(1)
    model = Model(layers, vocab, hidden, **layer)
    dim = hidden // layer["heads"]
    cos, sin = rand(sequence, dim), rand(sequence, dim)
    ids = torch.randint(0, vocab, (batch, sequence), device="cuda")
    labels = torch.randint(0, vocab, (batch, sequence), device="cuda")
    if compiled:
        model.compile_parts()

    def step():
        for p in model.parameters():
            p.grad = None
        model(ids, labels, cos, sin).backward()

    tokens = batch * sequence
    products = sum(m.weight.numel() for m in model.modules() if isinstance(m, torch.nn.Linear))
    flops = 6 * products * tokens + layers * 6 * tokens * sequence * hidden  # causal attention: half of 12 s h
    return step, flops, f"layers={layers} hidden={hidden} batch={batch} sequence={sequence} vocab={vocab}"
