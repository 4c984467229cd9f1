/**
 * The banner's own look, inside its shadow root. Buttons that answer a question (`.answer`) have one rule and no
 * variants: a yes cannot look different from a no. What is `!important` here holds against the page's `::part` rules,
 * which could otherwise paint over both at once (a fixed gradient) or take them out of sight.
 */
export const styles = `
:host{all:initial!important;display:block!important}
.root{--s:#fff;--k:#f5f5f2;--l:#e3e3de;--e:#7e8288;--i:#16181d;--f:#4b505a;--b:#1c1f26;--o:#fff;--a:#1b5f4b;color-scheme:light dark;font:15px/1.45 system-ui,sans-serif;color:var(--i)}
@media (prefers-color-scheme:dark){.root{--s:#181b1f;--k:#21262b;--l:#31373d;--e:#838b94;--i:#eceef0;--f:#b6bcc3;--b:#e9ebee;--o:#14171b;--a:#82d2b3}}
*{box-sizing:border-box;margin:0;padding:0}
[hidden]{display:none!important}
.panel[inert]{opacity:0}
h2{font-size:17px;line-height:1.3}
h3{font-size:15px}
ul{list-style:none}
.panel,.control,.said{position:fixed;z-index:2147483000;inset-inline-start:16px;bottom:16px;background:var(--s);border-radius:16px;box-shadow:0 16px 48px rgb(0 0 0/.22),0 0 0 1px var(--l);overflow-wrap:break-word}
.panel{width:min(452px,100vw - 32px);max-height:min(640px,100dvh - 32px);display:flex;flex-direction:column;overflow:hidden}
.words{overflow-y:auto;padding:20px 22px 16px;display:grid;gap:10px;align-content:start;min-height:56px;flex:1 1 auto}
.soft,.small{color:var(--f);font-size:14px}
.small{font-size:13px}
.by{margin-bottom:-8px}
.names{display:grid;gap:8px;padding-inline-start:14px;border-inline-start:2px solid var(--l)}
.names b{display:block;color:var(--i)}
b{color:var(--i)}
.note,.apart{background:var(--k);border:1px solid var(--l);border-radius:12px;padding:8px 12px}
.foot{border-top:1px solid var(--l);padding:14px 22px 16px;display:grid;gap:10px;flex:none}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:8px}
.row{display:flex;flex-wrap:wrap;gap:8px}
.row>*{flex:auto}
button{font:inherit;color:inherit;background:none;border:1px solid transparent;cursor:pointer;border-radius:9px;min-height:42px;padding:8px 14px}
h2,h3,b,button{font-weight:600}
:focus-visible{outline:2px solid var(--i)!important;outline-offset:2px!important}
.words:focus-visible{outline-offset:-3px!important}
h2:focus{outline:0!important}
.answer,.pick[aria-pressed=true]{background:var(--b);color:var(--o);border-color:var(--b)}
.pick{border-color:var(--e);background:var(--s);color:var(--i);min-width:60px}
.answer,.pick{min-height:42px!important;font-size:15px!important;opacity:1!important;visibility:visible!important;position:static!important;transform:none!important;filter:none!important;background-image:none!important;animation:none!important;transition:none!important}
.answer::before,.answer::after,.pick::before,.pick::after{content:none!important}
.answer:hover,.pick:hover{box-shadow:0 0 0 3px color-mix(in srgb,var(--b) 26%,transparent)!important}
.plain{min-height:38px;font-size:14px;text-decoration:underline;text-decoration-color:var(--e);text-underline-offset:3px}
.plain:hover,.control button:hover{background:var(--k)}
.pair>.plain,.said .plain{border-color:var(--e);text-decoration:none}
.apart{display:flex;flex-wrap:wrap;gap:3px 14px;align-items:center}
.apart h3{flex:99 1 96px}
.apart .pair{flex:1 0 auto}
.wide{grid-column:1/-1;flex:1 0 100%}
.control{display:flex;flex-wrap:wrap;max-width:min(420px,100vw - 32px);border-radius:21px;padding:3px}
.control button{min-height:36px;border-radius:99px;font-size:13px;padding:6px 14px;text-align:start}
.control p{padding:7px 14px 3px;flex-basis:100%}
.said{bottom:72px;width:min(400px,100vw - 32px);padding:16px 18px;display:grid;gap:8px}
.hush{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.bar{inset-inline:0;bottom:0;width:auto;border-radius:0;max-height:50dvh}
.dialog{inset-inline:0;margin:auto;top:0;width:min(540px,100vw - 32px);height:max-content}
@media (min-width:820px){.bar{display:grid;grid-template-rows:minmax(0,1fr);grid-template-columns:1fr 400px;max-height:min(340px,50dvh)}.bar .foot{border:0;border-inline-start:1px solid var(--l);align-content:center;overflow-y:auto}.bar>*{padding-inline:28px}}
@media (max-width:480px){.panel,.control,.said{inset-inline:8px;bottom:8px;width:auto}.panel{top:auto;max-height:calc(100dvh - 16px)}.first,.notice,.conflict{max-height:clamp(330px,50dvh - 8px,100dvh - 16px)}.bar{inset-inline:0;bottom:0}.words{padding:14px 16px 12px}.foot{padding:10px 16px 12px}.words,.foot{gap:8px}.control{inset-inline-end:auto;max-width:calc(100vw - 16px)}.said{bottom:60px}.first .plain{min-height:30px;padding:2px}}
@media (max-width:480px) and (max-height:600px){.first{max-height:370px}}
@media (max-height:480px){.panel{max-height:calc(100dvh - 16px)}.foot{gap:8px;padding-block:10px}}
@media (forced-colors:active){.panel,.control,.said{border:1px solid}.pick[aria-pressed=true]{outline:2px solid!important}}
@media print{.root{display:none}}
`
