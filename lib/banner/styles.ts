/**
 * The banner's own look, inside its shadow root. Buttons that answer a question (`.answer`) have one rule and no
 * variants: a yes cannot look different from a no.
 */
export const styles = `
:host{--s:#fff;--k:#f4f4f2;--l:#e2e2de;--e:#7e8288;--i:#16181d;--f:#4b505a;--b:#1c1f26;--bh:#3a404c;--o:#fff;--a:#1b5f4b;--oa:#fff;--r:#2563c9;--sh:0 12px 40px rgb(22 24 29/.18),0 1px 4px rgb(22 24 29/.1);all:initial;color-scheme:light dark;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:var(--i)}
@media (prefers-color-scheme:dark){:host{--s:#181b1f;--k:#21262b;--l:#31373d;--e:#7d858e;--i:#eceef0;--f:#b6bcc3;--b:#e9ebee;--bh:#fff;--o:#14171b;--a:#82d2b3;--oa:#06231a;--r:#8ab4ff;--sh:0 12px 40px rgb(0 0 0/.6),0 0 0 1px #31373d}}
*{box-sizing:border-box}
[hidden]{display:none!important}
h2,h3,p,ul,dl,dd{margin:0;padding:0}
h2{font-size:17px;line-height:1.35;font-weight:600;letter-spacing:-.01em;outline:0}
h3{font-size:15px;font-weight:600}
.panel{position:fixed;z-index:2147483000;left:16px;bottom:16px;width:min(460px,calc(100vw - 32px));max-height:calc(100vh - 32px);max-height:min(640px,calc(100dvh - 32px));display:flex;flex-direction:column;background:var(--s);border-radius:14px;box-shadow:var(--sh);overflow:hidden}
.words{overflow-y:auto;overscroll-behavior:contain;padding:18px 20px 14px;display:grid;gap:10px;min-height:64px}
.soft{color:var(--f);font-size:14px}
.small{color:var(--f);font-size:13px}
.foot{border-top:1px solid var(--l);padding:14px 20px 16px;display:grid;gap:10px;flex:none}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:8px}
button{font:inherit;color:inherit;background:none;border:0;margin:0;cursor:pointer;border-radius:8px;min-height:42px;padding:8px 14px;font-weight:500;text-align:center}
button:focus-visible,h2:focus-visible,.words:focus-visible,summary:focus-visible{outline:2px solid var(--r);outline-offset:2px}
.words:focus-visible{outline-offset:-3px;border-radius:14px}
.answer{background:var(--b);color:var(--o);border:1px solid var(--b)}
.answer:hover{background:var(--bh)}
.pick{border:1px solid var(--e);background:var(--s)}
.pick:hover{background:var(--k)}
.pick[aria-pressed=true]{background:var(--b);color:var(--o);border-color:var(--b)}
.plain{border:1px solid var(--e)}
.plain:hover{background:var(--k)}
.apart{background:var(--k);border-radius:10px;padding:12px 14px;display:grid;gap:8px}
.list{display:grid;gap:0;list-style:none}
.item{display:grid;grid-template-columns:1fr auto;gap:2px 14px;padding:12px 0;border-top:1px solid var(--l)}
.item>.small,.item>details{grid-column:1/-1}
.tag{color:var(--f);font-size:13px;align-self:center}
summary{cursor:pointer;color:var(--f);font-size:13px;width:max-content;border-radius:4px;padding:2px 0}
dl{display:grid;grid-template-columns:auto 1fr;gap:2px 12px;font-size:13px;color:var(--f);padding-top:4px}
dt{font-weight:500;color:var(--i)}
.switch{min-height:26px;width:46px;height:26px;padding:3px;border:1px solid var(--e);border-radius:99px;background:var(--k);display:inline-flex;align-self:center}
.switch i{width:18px;height:18px;border-radius:50%;background:var(--e);transition:transform .12s}
.switch[aria-checked=true]{background:var(--a);border-color:var(--a)}
.switch[aria-checked=true] i{background:var(--oa);transform:translateX(20px)}
.control{position:fixed;z-index:2147482000;left:16px;bottom:16px;display:flex;align-items:stretch;max-width:calc(100vw - 32px);background:var(--s);border-radius:99px;box-shadow:var(--sh);padding:4px}
.control button{min-height:36px;border-radius:99px;font-size:13px;padding:6px 14px;white-space:nowrap}
.control button:hover{background:var(--k)}
.said{position:fixed;z-index:2147483001;left:16px;bottom:72px;width:min(380px,calc(100vw - 32px));background:var(--s);border-radius:12px;box-shadow:var(--sh);padding:14px 16px;display:grid;gap:8px;justify-items:start}
.said button{min-height:32px;font-size:13px;padding:4px 12px}
.hush{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media (max-width:480px){.panel{left:8px;right:8px;bottom:8px;width:auto;max-height:calc(100vh - 16px);max-height:calc(100dvh - 16px)}.words{padding:14px 16px 12px}.foot{padding:12px 16px}.control{left:8px;bottom:8px}.said{left:8px;bottom:64px;width:calc(100vw - 16px)}}
@media (max-height:600px){.words{gap:6px}.foot{gap:8px}.apart{padding:10px 12px;gap:6px}.panel{max-height:calc(100vh - 16px);max-height:calc(100dvh - 16px)}}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
@media (forced-colors:active){.panel,.control,.said,.answer,.pick,.plain,.switch{border:1px solid}.pick[aria-pressed=true]{outline:2px solid}}
`
