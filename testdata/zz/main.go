package main
import ("fmt";"os";"context";"path/filepath"
"github.com/wasmstate/wasmstate/ops"
"github.com/wasmstate/wasmstate/validator")
// ittage-ish predictor of symbols given history hash
type entry struct{tag uint32; sym uint16; conf int8}
type pred struct{ hist []uint16; tabs [8]map[uint64]*entry }
var lens=[8]int{0,1,2,4,6,10,16,26}
func newPred()*pred{p:=&pred{}; for i:=range p.tabs{p.tabs[i]=map[uint64]*entry{}}; return p}
func (p *pred) key(i int, site uint16) uint64 { h:=uint64(site)*0x9E3779B97F4A7C15; n:=lens[i]; for k:=0;k<n;k++{ j:=len(p.hist)-1-k; var s uint16; if j>=0 {s=p.hist[j]}; h=(h^uint64(s)+1)*0x100000001b3; h^=h>>29 }; h&=(1<<13)-1; return h }
func (p *pred) step(site, sym uint16, hsym uint16) bool {
 var best *entry; bi:=-1
 var alt *entry
 for i:=7;i>=0;i--{ if e,ok:=p.tabs[i][p.key(i,site)];ok && e.tag==uint32(site){ if best==nil{best=e;bi=i; if e.conf>0||i==0 {break}} else {alt=e;break} } }
 guess:=uint16(0xffff)
 if best!=nil {guess=best.sym; if best.conf<=0&&alt!=nil{guess=alt.sym}}
 ok:=guess==sym
 if best!=nil { if best.sym==sym { if best.conf<3{best.conf++} } else { best.conf--; if best.conf<0 {best.sym=sym;best.conf=0} } }
 if !ok { for i:=bi+1;i<8;i++ { k:=p.key(i,site); if e,o:=p.tabs[i][k];!o||e.conf<=0 { p.tabs[i][k]=&entry{uint32(site),sym,0}; break } else {e.conf--} } }
 p.hist=append(p.hist,hsym)
 return ok
}
func main(){
 for _,pth:=range os.Args[1:]{
 w,_:=os.ReadFile(pth)
 _,fs,err:=validator.Spine(context.Background(),w,validator.WithFeatures(ops.All))
 if err!=nil{panic(err)}
 type o struct{op uint16; n uint8; row *ops.Row}
 var list []o
 var d ops.Decoder; var in ops.Instr
 for _,f:=range fs{
  l,_:=f.Body.Locals(ops.All); for l.More(){l.Next()}
  d.Reset(f.Body.Bytes(),f.Body.Offset(),ops.All); d.Seek(l.Pos())
  for d.Len()>0{ p:=d.Pos(); if err:=d.Next(&in);err!=nil{panic(err)}
   list=append(list,o{uint16(in.Op),uint8(min(d.Pos()-p,20)),in.Op.Row()}) }
 }
 if len(list)>600000 {list=list[:600000]}
 cls:=func(x o, merge int) uint16 {
   r:=x.row
   switch {
   case x.op==uint16(ops.LocalGet): return 1
   case r.Rule==ops.RulePlain && r.Imm.Kind==ops.ImmNone: if merge>0 {return 2}; if r.NumParams()==1 {return 3}; return 2
   case r.Imm.Kind==ops.ImmMemArg: if merge>0 {return 4}; return 4+uint16(r.NumParams())
   case x.op==uint16(ops.I32Const)||x.op==uint16(ops.I64Const): if merge>0 {return 10}; return x.op
   case x.op==uint16(ops.LocalSet)||x.op==uint16(ops.LocalTee): if merge>0 {return 11}; return x.op
   case x.op==uint16(ops.Block)||x.op==uint16(ops.Loop)||x.op==uint16(ops.If): if merge>0 {return 12}; return x.op
   }
   return x.op+20 }
 simple:=func(x o) bool { c:=cls(x,1); return c<12 || x.op==uint16(ops.GlobalGet)||x.op==uint16(ops.GlobalSet) }
 for mode:=0;mode<9;mode++{
  p:=newPred(); lp:=newPred(); miss,lm:=0,0
  for rep:=0;rep<2;rep++ { miss,lm=0,0
  for _,x:=range list{
   switch mode {
   case 0,1: c:=cls(x,mode); if !p.step(1,c,c){miss++}
      // length given class (only classes with variable)
      if x.row.Imm.Kind!=ops.ImmNone { if !lp.step(c,uint16(x.n),c*32+uint16(x.n)){lm++} } else {lp.hist=append(lp.hist,c*32+1)}
   case 2: if !p.step(1,uint16(x.n),uint16(x.n)){miss++}
   case 3: // simple vs not, then class among non simple
      s:=uint16(0); if simple(x){s=1}; if !p.step(1,s,s) {miss++} ; if s==0 { if !lp.step(1,cls(x,1),cls(x,1)) {lm++} }
   case 4: // length branch for simple + class for non simple: sites: symbol= length if simple, else class+100
      s:=uint16(x.n); if !simple(x){s=100+cls(x,1)}; if !p.step(1,s,s){miss++}
   case 6,7,8:
      c:=cls(x,1)
      two := x.n==2 && (c==1||c==10||c==11)
      if mode>=7 { two = x.n==2 && (c==1||c==10||c==11||c==12||x.op==uint16(ops.BrIf)) }
      if two {c=60}
      if mode==8 && (c==2||x.op==uint16(ops.End)) {c=61}
      if !p.step(1,c,c){miss++}
      if x.row.Imm.Kind!=ops.ImmNone && !two { if !lp.step(c,uint16(x.n),c*32+uint16(x.n)){lm++} } else {lp.hist=append(lp.hist,c*32+1)}
   case 5: // full ops history prediction of class
      c:=cls(x,1); if !p.step(1,c,x.op*8+uint16(x.n)){miss++}
   }
  }}
  n:=float64(len(list))
  fmt.Printf("%s mode %d: miss/op %.3f second %.3f\n",filepath.Base(pth),mode,float64(miss)/n,float64(lm)/n)
 }}
}
