/** The look of switches and details, which come with the layers that have them. */
export const moreStyles = `
summary,dl{font-size:13px}
.words{grid-template-columns:minmax(0,1fr)}
dt,.hint{font-weight:600;color:var(--i);font-size:13px}
.item{display:grid;grid-template-columns:1fr auto;gap:3px 14px;align-items:center;padding:13px 0;border-top:1px solid var(--l)}
.sub{padding-inline-start:14px;border-inline-start:2px solid var(--l);margin-top:8px}
.sub>:first-child{border:0}
.sub b{display:block;margin-top:4px}
.whole p,.whole b{display:block;margin-top:6px;font-size:13px}
.hint:empty{display:none}
summary{cursor:pointer;color:var(--f);width:fit-content;padding:4px 0}
dl{display:grid;grid-template-columns:minmax(0,7.5em) 1fr;gap:3px 14px;color:var(--f)}
.switch{min-height:0;width:46px;height:26px;padding:3px;border-color:var(--e);border-radius:99px;display:flex;align-self:start}
.switch i{width:18px;height:18px;border-radius:50%;background:var(--e)}
.switch[aria-checked=true]{background:var(--a);border-color:var(--a);justify-content:end}
.switch[aria-checked=true] i{background:var(--s)}
@media (forced-colors:active){.switch i{background:ButtonText}}
`
