package project

import ("testing";"context";"path/filepath";"fmt")

func TestTmp(t *testing.T){
 dirs,_:=filepath.Glob("/work/shared/samples/defang/*/compose.yaml")
 dirs=append(dirs,"/work/main/examples/shop/compose.yaml")
 for _,d:=range dirs{
  p,err:=Load(context.Background(),Options{Dir:filepath.Dir(d)})
  if err!=nil{fmt.Println("ERR",d,err);continue}
  fmt.Println(p.Compose.Name,p.Notices,p.Problems,p.Later,p.Git)
  for n,s:=range p.Compose.Services { fmt.Println("  ",n,s.Environment, p.Positions.At("services."+n+".ports[0]"))}
 }
}
